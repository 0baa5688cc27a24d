# Applies the module with a mock provider. `package` is the output of `taskhook build` for examples/existing-cluster.

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
    defaults = { task_role_arn = "arn:aws:iam::111122223333:role/analyze-task", execution_role_arn = "arn:aws:iam::111122223333:role/analyze-execution" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mock" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:mock", url = "https://sqs.eu-west-1.amazonaws.com/111122223333/mock" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:mock" }
  }
  mock_resource "aws_lambda_function_url" {
    defaults = { function_url = "https://abc.lambda-url.eu-west-1.on.aws/" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-west-1:111122223333:rule/mock" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:mock" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/taskhook-ledger" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:taskhook/key-AbCdEf" }
  }
}

run "defaults" {
  command = apply

  assert {
    condition     = output.urls == { slack = "https://abc.lambda-url.eu-west-1.on.aws/slack", github = "https://abc.lambda-url.eu-west-1.on.aws/github" }
    error_message = "There must be one URL for each source."
  }
  assert {
    condition     = aws_lambda_function_url.receive.authorization_type == "NONE" && length(aws_lambda_function.function) == 3
    error_message = "There must be three functions, and one URL that needs no AWS signature."
  }
  assert {
    condition     = aws_dynamodb_table.ledger.deletion_protection_enabled && aws_dynamodb_table.ledger.point_in_time_recovery[0].enabled && aws_dynamodb_table.ledger.ttl[0].attribute_name == "expiresAt"
    error_message = "The ledger must have deletion protection, point-in-time recovery and TTL."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.function["start"].policy, "role/analyze-task") && strcontains(aws_iam_role_policy.function["start"].policy, "task-definition/analyze:*")
    error_message = "start must be allowed to run the task definition and to pass its roles."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function["receive"].policy, "ecs:") && !strcontains(aws_iam_role_policy.function["receive"].policy, "iam:")
    error_message = "receive must not be allowed to run tasks or to pass roles."
  }
  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.function : !can(regex("\\{(Partition|Region|Account|Table|Queue|Key|PassRoles)\\}", policy.policy))])
    error_message = "A policy still contains a placeholder."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.tasks.event_pattern).detail.clusterArn == ["arn:aws:ecs:eu-west-1:111122223333:cluster/analytics"]
    error_message = "The rule must match events of the clusters in the config."
  }
  assert {
    condition     = strcontains(output.slack_manifests["slack"], "\"/analyze\"") && output.github_hooks["github"].events == tolist(["push"])
    error_message = "The outputs must have the Slack manifest and the GitHub hook."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.alarm) == 13
    error_message = "There must be 13 alarms."
  }
  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.alarm : endswith(alarm.alarm_description, ". See docs/operations.md#${name}")])
    error_message = "The description of each alarm must link to its section in docs/operations.md."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.alarm["starts-refused"].dimensions == tomap({ deployment = "taskhook", status = "failed-to-start" })
    error_message = "The alarm must use the metrics of this deployment."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.taskhook.dashboard_body).widgets) == 10
    error_message = "There must be ten graphs."
  }
}

run "no_roles_to_pass" {
  command = apply
  variables {
    pass_role_arns = []
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function["start"].policy, "iam:PassRole")
    error_message = "start must not be allowed to pass roles if there are none."
  }
}

run "options" {
  command = apply
  variables {
    name                     = "hooks"
    create_secrets           = ["taskhook/slack"]
    receive_concurrency      = 5
    kms_key_arn              = "arn:aws:kms:eu-west-1:111122223333:key/1"
    alarm_topic_arn          = "arn:aws:sns:eu-west-1:111122223333:ops"
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/boundary"
    vpc                      = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    deletion_protection      = false
  }
  assert {
    condition     = aws_lambda_function.function["receive"].reserved_concurrent_executions == 5 && aws_lambda_function.function["start"].reserved_concurrent_executions == -1
    error_message = "Only receive must have reserved concurrency."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.function["receive"].policy, "kms:Decrypt") && strcontains(aws_iam_role_policy.function["receive"].policy, "ec2:CreateNetworkInterface")
    error_message = "The policies must allow the use of the KMS key and of network interfaces."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.function : role.permissions_boundary == "arn:aws:iam::111122223333:policy/boundary"]) && aws_lambda_function.function["start"].function_name == "hooks-start"
    error_message = "The roles must have the permissions boundary, and the functions the name prefix."
  }
}

run "bad_name" {
  command = plan
  variables {
    name = "Not A Name"
  }
  expect_failures = [var.name]
}

run "bad_retention" {
  command = plan
  variables {
    log_retention_days = 42
  }
  expect_failures = [var.log_retention_days]
}
