# The key that signs status URLs. Made here and rotated by writing a new version: nobody else has to know it.
resource "aws_secretsmanager_secret" "key" {
  name                    = "${var.name}/key"
  description             = "Signs the status URLs of taskhook"
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
    # A new random text at every plan; the first one stays, until somebody rotates it.
    ignore_changes = [secret_string]
  }
}

# Empty, so that no secret of yours is ever in a state file: `aws secretsmanager put-secret-value` fills them in.
resource "aws_secretsmanager_secret" "created" {
  for_each    = var.create_secrets
  name        = each.value
  description = "Read by ${var.name}"
  kms_key_id  = var.kms_key_arn
  tags        = var.tags
}
