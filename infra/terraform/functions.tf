resource "aws_cloudwatch_log_group" "function" {
  for_each          = local.functions
  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_lambda_function" "function" {
  for_each         = local.functions
  function_name    = "${var.name}-${each.key}"
  description      = each.value.about
  role             = aws_iam_role.function[each.key].arn
  filename         = "${var.package}/taskhook.zip"
  source_code_hash = filebase64sha256("${var.package}/taskhook.zip")
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  handler          = "handler.${each.key}"
  memory_size      = each.value.memory
  timeout          = each.value.timeout
  kms_key_arn      = var.kms_key_arn
  tags             = var.tags

  reserved_concurrent_executions = each.key == "receive" ? var.receive_concurrency : -1

  environment {
    variables = merge(var.env_secrets, {
      TASKHOOK_TABLE     = aws_dynamodb_table.ledger.name
      TASKHOOK_QUEUE_URL = aws_sqs_queue.starts.url
      TASKHOOK_KEY       = "secretsmanager:${aws_secretsmanager_secret.key.arn}"
      LOG_LEVEL          = var.log_level
    })
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  # Create the log group first. Otherwise Lambda creates one that never expires.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]
}

# ── receive: the function URL ─────────────────────────────────────────────────
# Senders are configured with this URL. It depends only on the function's name, so no ordinary change replaces it.

resource "aws_lambda_function_url" "receive" {
  function_name      = aws_lambda_function.function["receive"].function_name
  authorization_type = "NONE"
  # The provider itself adds the statement that allows lambda:InvokeFunctionUrl, FunctionURLAllowPublicAccess.
}

# The second statement, which URLs created since October 2025 need. Never remove its condition: without it, any account could invoke
# the function without going through the URL.
resource "aws_lambda_permission" "invoked_via_url" {
  statement_id             = "TaskhookInvokedViaFunctionUrl"
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.function["receive"].function_name
  principal                = "*"
  invoked_via_function_url = true
}

# ── start: the queue ──────────────────────────────────────────────────────────

resource "aws_lambda_event_source_mapping" "start" {
  event_source_arn        = aws_sqs_queue.starts.arn
  function_name           = aws_lambda_function.function["start"].arn
  batch_size              = 5
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    # Fargate accepts 20 RunTask calls a second. Two functions with five starts each stay below that, so a burst waits instead of failing.
    maximum_concurrency = 2
  }
}

# ── settle: ECS events, and a schedule ────────────────────────────────────────

resource "aws_cloudwatch_event_rule" "tasks" {
  name        = "${var.name}-tasks"
  description = "State changes of the ECS tasks that ${var.name} has started"
  tags        = var.tags

  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Task State Change"]
    detail = {
      clusterArn = local.clusters
      startedBy  = [{ prefix = "taskhook/" }]
      # A task changes its status about eight times. Only these two matter.
      lastStatus = ["RUNNING", "STOPPED"]
    }
  })
}

# Tasks in other accounts: a rule there forwards their events (infra/terraform/member), and this account's event bus must allow it.
resource "aws_cloudwatch_event_permission" "other_account" {
  for_each     = local.other_accounts
  statement_id = "${var.name}-${each.value}"
  principal    = each.value
}

resource "aws_cloudwatch_event_rule" "sweep" {
  name                = "${var.name}-sweep"
  description         = "Runs the sweep, which recovers stuck runs"
  schedule_expression = "rate(1 minute)"
  tags                = var.tags
}

locals {
  settle_rules = { tasks = aws_cloudwatch_event_rule.tasks, sweep = aws_cloudwatch_event_rule.sweep }
}

resource "aws_cloudwatch_event_target" "settle" {
  for_each = local.settle_rules
  rule     = each.value.name
  arn      = aws_lambda_function.function["settle"].arn

  dead_letter_config {
    arn = aws_sqs_queue.dead_events.arn
  }
  retry_policy {
    maximum_event_age_in_seconds = each.key == "sweep" ? 60 : 86400
    maximum_retry_attempts       = each.key == "sweep" ? 0 : 185
  }
}

resource "aws_lambda_permission" "settle" {
  for_each      = local.settle_rules
  statement_id  = "Taskhook-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["settle"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = each.value.arn
}

# EventBridge invokes `settle` asynchronously. An event that `settle` fails to process three times goes to the dead-letter queue.
resource "aws_lambda_function_event_invoke_config" "settle" {
  function_name                = aws_lambda_function.function["settle"].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_events.arn
    }
  }
}
