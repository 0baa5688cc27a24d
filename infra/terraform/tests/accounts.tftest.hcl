# `package` is the output of `taskhook build` for test/fixtures/configs/two-accounts.yaml, which has tasks in the account and region of
# taskhook, in another region, and in another account.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_data "aws_ecs_task_definition" {
    defaults = { task_role_arn = "arn:aws:iam::111122223333:role/analyze-task", execution_role_arn = "" }
  }
}

mock_provider "aws" {
  alias = "other_account"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "222222222222" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_data "aws_ecs_task_definition" {
    defaults = { task_role_arn = "arn:aws:iam::222222222222:role/train-task", execution_role_arn = "arn:aws:iam::222222222222:role/train-execution" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::222222222222:role/mock" }
  }
}

mock_provider "aws" {
  alias = "other_region"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mock" }
  }
}

mock_provider "aws" {
  alias = "elsewhere"
  mock_data "aws_caller_identity" {
    defaults = { account_id = "333333333333" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  event_bus_arn = "arn:aws:events:eu-west-1:111122223333:event-bus/default"
}

run "own_account" {
  command = plan
  assert {
    condition     = keys(aws_cloudwatch_event_permission.other_account) == ["222222222222"]
    error_message = "The event bus must accept events of the other account, and of no third one."
  }
  assert {
    condition     = keys(data.aws_ecs_task_definition.run) == ["analyze"]
    error_message = "Task definitions of other accounts or regions must not be looked up."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_event_rule.tasks.event_pattern).detail.clusterArn) == 3
    error_message = "The rule must match events of all three clusters."
  }
}

run "other_account" {
  command   = apply
  providers = { aws = aws.other_account }
  module { source = "./member" }
  variables {
    trusted_role_arns = { start = "arn:aws:iam::111122223333:role/taskhook-start", settle = "arn:aws:iam::111122223333:role/taskhook-settle", receive = "arn:aws:iam::111122223333:role/taskhook-receive" }
  }
  assert {
    condition     = one(values(aws_iam_role.assumed)).name == "run" && one(values(aws_iam_role.assumed)).path == "/taskhook/"
    error_message = "The role must have the name and path from the config."
  }
  assert {
    condition     = one(jsondecode(one(values(aws_iam_role.assumed)).assume_role_policy).Statement).Principal.AWS == ["arn:aws:iam::111122223333:role/taskhook-start", "arn:aws:iam::111122223333:role/taskhook-settle"]
    error_message = "start and settle must be trusted, receive must not."
  }
  assert {
    condition     = strcontains(one(values(aws_iam_role_policy.assumed)).policy, "role/train-execution") && strcontains(one(values(aws_iam_role_policy.assumed)).policy, "task-definition/train:*")
    error_message = "The role must be allowed to run the task definition and to pass its roles."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.forward.event_pattern).detail.clusterArn == ["arn:aws:ecs:eu-central-1:222222222222:cluster/training"]
    error_message = "The rule must match events of the cluster in that account."
  }
}

run "other_region" {
  command   = apply
  providers = { aws = aws.other_region }
  module { source = "./member" }
  assert {
    condition     = length(aws_iam_role.assumed) == 0 && jsondecode(aws_cloudwatch_event_rule.forward.event_pattern).detail.clusterArn == ["arn:aws:ecs:us-east-1:111122223333:cluster/reports"]
    error_message = "Only the rule must be created."
  }
}

run "account_without_tasks" {
  command   = plan
  providers = { aws = aws.elsewhere }
  module { source = "./member" }
  expect_failures = [aws_cloudwatch_event_rule.forward]
}
