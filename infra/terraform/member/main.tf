# What taskhook needs in another account or region that runs tasks: the role that its config names in `assumeRole`, and a rule that
# forwards the state changes of tasks. Use one module per account and region; docs/deploy.md shows how.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.30"
    }
  }
}

variable "package" {
  description = "Output directory of `taskhook build CONFIG --out DIR`."
  type        = string
  validation {
    condition     = fileexists("${var.package}/assumed-roles.json") && fileexists("${var.package}/taskhook.json")
    error_message = "The directory must contain taskhook.json and assumed-roles.json. Run `taskhook build CONFIG --out DIR`."
  }
}

variable "name" {
  description = "Name prefix of all resources."
  type        = string
  default     = "taskhook"
}

variable "event_bus_arn" {
  description = "Output `event_bus_arn` of the taskhook module."
  type        = string
}

variable "trusted_role_arns" {
  description = "Output `role_arns` of the taskhook module. `start` and `settle` may assume the role created here. Needed only in another account."
  type        = map(string)
  default     = {}
}

variable "pass_role_arns" {
  description = "Task and execution roles that RunTask passes to tasks in this account. Default: the roles of the task definitions in the config, which are looked up."
  type        = list(string)
  default     = null
}

variable "tags" {
  description = "Tags for all resources that support tags."
  type        = map(string)
  default     = {}
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  config  = jsondecode(file("${var.package}/taskhook.json"))
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.id
  # A role is global. The module in the region of its first task creates it, with the permissions for the tasks in all regions.
  assumed = { for arn, statements in jsondecode(file("${var.package}/assumed-roles.json")) : arn => statements if split(":", arn)[4] == local.account && try(
    [for task in local.config.tasks : split(":", task.cluster)[3] if lookup(task, "assumeRole", null) == arn][0] == local.region, false)
  }
  here     = [for task in local.config.tasks : task if startswith(task.cluster, "arn:") && try(split(":", task.cluster)[3] == local.region && split(":", task.cluster)[4] == local.account, false)]
  clusters = distinct([for task in local.here : task.cluster])

  pass_role_arns = distinct(compact(var.pass_role_arns != null ? var.pass_role_arns : flatten([
    for definition in data.aws_ecs_task_definition.run : [definition.task_role_arn, definition.execution_role_arn]
  ])))
}

data "aws_ecs_task_definition" "run" {
  for_each        = var.pass_role_arns == null && length(local.assumed) > 0 ? toset([for task in local.here : task.taskDefinition]) : toset([])
  task_definition = each.value
}

# ── the role that start and settle assume ─────────────────────────────────────

resource "aws_iam_role" "assumed" {
  for_each    = local.assumed
  name        = reverse(split("/", each.key))[0]
  path        = length(split("/", each.key)) == 2 ? "/" : "/${join("/", slice(split("/", each.key), 1, length(split("/", each.key)) - 1))}/"
  description = "Runs tasks in this account for ${var.name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = [var.trusted_role_arns["start"], var.trusted_role_arns["settle"]] }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "assumed" {
  for_each = local.assumed
  name     = "run-tasks"
  role     = aws_iam_role.assumed[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in each.value : merge(statement, {
        Resource = contains(statement.Resource, "{PassRoles}") ? local.pass_role_arns : statement.Resource
      }) if !(contains(statement.Resource, "{PassRoles}") && length(local.pass_role_arns) == 0)
    ]
  })
}

# ── state changes of tasks, forwarded ─────────────────────────────────────────

resource "aws_cloudwatch_event_rule" "forward" {
  name        = "${var.name}-forward"
  description = "Forwards state changes of the ECS tasks that ${var.name} has started here"
  tags        = var.tags

  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Task State Change"]
    detail        = { clusterArn = local.clusters, startedBy = [{ prefix = "taskhook/" }], lastStatus = ["RUNNING", "STOPPED"] }
  })

  lifecycle {
    precondition {
      condition     = length(local.clusters) > 0
      error_message = "No task in the config has a cluster in ${local.region} of account ${local.account}. `cluster` must be the full ARN."
    }
  }
}

resource "aws_cloudwatch_event_target" "forward" {
  rule     = aws_cloudwatch_event_rule.forward.name
  arn      = var.event_bus_arn
  role_arn = aws_iam_role.forward.arn
}

resource "aws_iam_role" "forward" {
  name        = "${var.name}-forward-${local.region}"
  description = "Forwards ECS events to ${var.name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "forward" {
  name = "put-events"
  role = aws_iam_role.forward.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["events:PutEvents"], Resource = [var.event_bus_arn] }]
  })
}
