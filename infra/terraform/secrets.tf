# The key that signs status URLs and the other tokens of runs. It is created here. To rotate it, write a new version.
resource "aws_secretsmanager_secret" "key" {
  name                    = "${var.name}/key"
  description             = "Signs status URLs and the other tokens of runs"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 7
  tags                    = var.tags
}

data "aws_secretsmanager_random_password" "key" {
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = data.aws_secretsmanager_random_password.key.random_password

  lifecycle {
    # Every plan generates a new random value. Keep the first one until it is rotated.
    ignore_changes = [secret_string]
  }
}

# Created empty, so that your secrets are never in a state file. Fill them in with `aws secretsmanager put-secret-value`.
resource "aws_secretsmanager_secret" "created" {
  for_each    = var.create_secrets
  name        = each.value
  description = "Secret that ${var.name} reads"
  kms_key_id  = var.kms_key_arn
  tags        = var.tags
}
