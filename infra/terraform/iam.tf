# Each function's permissions come from policies.json, which `taskhook build` generates from the config. It names exactly the clusters,
# task definitions and secrets that the config names. docs/security.md shows it as a table.

locals {
  # The roles in other accounts cover the task definitions there (infra/terraform/member). Task definitions in other regions cannot be
  # looked up from here, so list their roles in `pass_role_arns`.
  task_definitions = toset([for task in local.config.tasks : task.taskDefinition
  if lookup(task, "assumeRole", null) == null && try(split(":", task.cluster)[3], local.region) == local.region])
  pass_role_arns = distinct(compact(var.pass_role_arns != null ? var.pass_role_arns : flatten([
    for definition in data.aws_ecs_task_definition.run : [definition.task_role_arn, definition.execution_role_arn]
  ])))

  # Fill in the placeholders, and leave out the statement about passing roles if there are none to pass.
  statements = {
    for function, statements in local.policies : function => [
      for statement in statements : merge(statement, {
        Resource = contains(statement.Resource, "{PassRoles}") ? local.pass_role_arns : [
          for resource in statement.Resource : replace(replace(replace(replace(replace(replace(resource,
            "{Partition}", local.partition),
            "{Region}", local.region),
            "{Account}", local.account),
            "{Table}", aws_dynamodb_table.ledger.arn),
            "{Queue}", aws_sqs_queue.starts.arn),
          "{Key}", aws_secretsmanager_secret.key.arn)
        ]
        },
        contains(keys(statement), "Condition") ? { Condition = jsondecode(replace(replace(replace(jsonencode(statement.Condition),
          "{Partition}", local.partition),
          "{Region}", local.region),
        "{Account}", local.account)) } : {}
      ) if !(contains(statement.Resource, "{PassRoles}") && length(local.pass_role_arns) == 0)
    ]
  }
}

data "aws_ecs_task_definition" "run" {
  for_each        = var.pass_role_arns == null ? local.task_definitions : toset([])
  task_definition = each.value
}

resource "aws_iam_role" "function" {
  for_each             = local.functions
  name                 = "${var.name}-${each.key}"
  description          = each.value.about
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions
  name     = each.key
  role     = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for statement in local.statements[each.key] : statement],
      [{
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
      }],
      each.key != "settle" ? [] : [{
        Sid      = "SendToDeadLetterQueue"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.dead_events.arn]
      }],
      var.kms_key_arn == null ? [] : [{
        Sid      = "UseKmsKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = [var.kms_key_arn]
      }],
      # Network interfaces have no ARN before they exist, so these actions cannot be limited to a resource.
      var.vpc == null ? [] : [{
        Sid      = "ManageNetworkInterfaces"
        Effect   = "Allow"
        Action   = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
        Resource = ["*"]
      }],
    )
  })
}
