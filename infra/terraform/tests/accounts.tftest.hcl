# `package` is what `taskhook build` made of test/fixtures/configs/two-accounts.yaml: tasks at home, in another region, in another account.

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
    defaults = { arn = "arn:aws:iam::222222222222:role/made-up" }
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
    defaults = { arn = "arn:aws:iam::111122223333:role/made-up" }
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

run "home" {
  command = plan
  assert {
    condition     = keys(aws_cloudwatch_event_permission.other_account) == ["222222222222"]
    error_message = "the bus lets in the events of the other account, and of no third"
  }
  assert {
    condition     = keys(data.aws_ecs_task_definition.run) == ["analyze"]
    error_message = "a task definition of another account or region cannot be looked up from here"
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_event_rule.tasks.event_pattern).detail.clusterArn) == 3
    error_message = "events of all three clusters"
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
    error_message = "the role that the config names"
  }
  assert {
    condition     = one(jsondecode(one(values(aws_iam_role.assumed)).assume_role_policy).Statement).Principal.AWS == ["arn:aws:iam::111122223333:role/taskhook-start", "arn:aws:iam::111122223333:role/taskhook-settle"]
    error_message = "start and settle may assume it, receive may not"
  }
  assert {
    condition     = strcontains(one(values(aws_iam_role_policy.assumed)).policy, "role/train-execution") && strcontains(one(values(aws_iam_role_policy.assumed)).policy, "task-definition/train:*")
    error_message = "it runs the task, and passes its roles"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.forward.event_pattern).detail.clusterArn == ["arn:aws:ecs:eu-central-1:222222222222:cluster/training"]
    error_message = "events of the cluster there"
  }
}

run "other_region" {
  command   = apply
  providers = { aws = aws.other_region }
  module { source = "./member" }
  assert {
    condition     = length(aws_iam_role.assumed) == 0 && jsondecode(aws_cloudwatch_event_rule.forward.event_pattern).detail.clusterArn == ["arn:aws:ecs:us-east-1:111122223333:cluster/reports"]
    error_message = "only events are forwarded"
  }
}

run "nothing_there" {
  command   = plan
  providers = { aws = aws.elsewhere }
  module { source = "./member" }
  expect_failures = [aws_cloudwatch_event_rule.forward]
}
