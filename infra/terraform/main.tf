data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  config   = jsondecode(file("${var.package}/taskhook.json"))
  table    = jsondecode(file("${var.package}/table.json"))
  policies = jsondecode(file("${var.package}/policies.json"))

  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.id

  functions = {
    # More memory means more CPU: receive must answer Slack within 3 s, cold start included. The timeout covers `?wait=`, at most 20 s.
    receive = { memory = 512, timeout = 30, about = "Serves the function URL: verifies, records, queues and answers deliveries" }
    # start may call RunTask for several places, at one second each.
    start = { memory = 256, timeout = 60, about = "Reads the queue: starts tasks and acts on runs" }
    # A sweep checks up to 100 runs.
    settle = { memory = 256, timeout = 120, about = "Handles ECS events and the sweep: records results and notifies senders" }
  }

  other_accounts = setsubtract(distinct([for task in local.config.tasks : split(":", task.assumeRole)[4] if lookup(task, "assumeRole", null) != null]), [local.account])
  clusters       = distinct([for task in local.config.tasks : startswith(task.cluster, "arn:") ? task.cluster : "arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${task.cluster}"])
}

# ── the ledger ────────────────────────────────────────────────────────────────

resource "aws_dynamodb_table" "ledger" {
  name                        = "${var.name}-ledger"
  billing_mode                = local.table.BillingMode
  hash_key                    = one([for key in local.table.KeySchema : key.AttributeName if key.KeyType == "HASH"])
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = local.table.AttributeDefinitions
    content {
      name = attribute.value.AttributeName
      type = attribute.value.AttributeType
    }
  }

  dynamic "global_secondary_index" {
    for_each = local.table.GlobalSecondaryIndexes
    content {
      name            = global_secondary_index.value.IndexName
      hash_key        = one([for key in global_secondary_index.value.KeySchema : key.AttributeName if key.KeyType == "HASH"])
      range_key       = one([for key in global_secondary_index.value.KeySchema : key.AttributeName if key.KeyType == "RANGE"])
      projection_type = global_secondary_index.value.Projection.ProjectionType
    }
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = var.kms_key_arn != null
    kms_key_arn = var.kms_key_arn
  }
}

# ── the queue of starts ───────────────────────────────────────────────────────

resource "aws_sqs_queue" "dead_starts" {
  name                              = "${var.name}-dead-starts"
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 300
  tags                              = var.tags
}

resource "aws_sqs_queue" "starts" {
  name = "${var.name}-starts"
  # Six times the function's timeout, as Lambda recommends.
  visibility_timeout_seconds        = local.functions.start.timeout * 6
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 300
  tags                              = var.tags

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_starts.arn, maxReceiveCount = 10 })
}

resource "aws_sqs_queue" "dead_events" {
  name                              = "${var.name}-dead-events"
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 300
  tags                              = var.tags
}

# TLS only. EventBridge sends an event that it cannot deliver to `settle` to the dead-letter queue of events.
locals {
  queues = { starts = aws_sqs_queue.starts, dead_starts = aws_sqs_queue.dead_starts, dead_events = aws_sqs_queue.dead_events }
}

resource "aws_sqs_queue_policy" "queue" {
  for_each  = local.queues
  queue_url = each.value.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = each.value.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      each.key != "dead_events" ? [] : [{
        Sid       = "AllowEventBridge"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = each.value.arn
        Condition = { ArnEquals = { "aws:SourceArn" = [aws_cloudwatch_event_rule.tasks.arn, aws_cloudwatch_event_rule.sweep.arn] } }
      }],
    )
  })
}
