locals {
  base_url = trimsuffix(aws_lambda_function_url.receive.function_url, "/")
}

output "urls" {
  description = "Webhook URL of each source."
  value       = { for name in keys(local.config.sources) : name => "${local.base_url}/${name}" }
}

output "slack_manifests" {
  description = "App manifest for each Slack source. Use it at api.slack.com/apps: Create New App, From a manifest."
  value = {
    for name, source in local.config.sources : name => jsonencode({
      display_information = { name = var.name }
      features = {
        bot_user = { display_name = var.name }
        slash_commands = [
          for command in distinct(flatten([for route in local.config.routes : lookup(route, "command", []) if route.on == name])) : {
            command       = command
            url           = "${local.base_url}/${name}"
            description   = substr(coalesce(one(distinct([for route in local.config.routes : lookup(local.config.tasks[route.run], "description", "Runs ${route.run}") if route.on == name && contains(lookup(route, "command", []), command)])), "Runs a task"), 0, 2000)
            usage_hint    = "help"
            should_escape = false
          }
        ]
      }
      oauth_config = { scopes = { bot = concat(["commands"], contains(keys(source.tokens), "botToken") ? ["chat:write", "usergroups:read"] : []) } }
      settings = {
        # Slack sends clicks on message buttons here.
        interactivity       = { is_enabled = true, request_url = "${local.base_url}/${name}" }
        org_deploy_enabled  = false
        socket_mode_enabled = false
      }
    }) if source.adapter == "slack"
  }
}

output "github_hooks" {
  description = "Webhook settings for each GitHub source. `secret` is the reference from the config."
  value = {
    for name, source in local.config.sources : name => {
      payload_url  = "${local.base_url}/${name}"
      content_type = "application/json"
      secret       = source.secret
      events       = distinct([for event in flatten([for route in local.config.routes : lookup(route, "event", []) if route.on == name]) : split(".", event)[0]])
    } if source.adapter == "github"
  }
}

output "functions" {
  description = "Names of the three functions."
  value       = { for name, function in aws_lambda_function.function : name => function.function_name }
}

output "table" {
  description = "Name of the ledger."
  value       = aws_dynamodb_table.ledger.name
}

output "queues" {
  description = "URLs of the queue of starts and of the two dead-letter queues."
  value       = { starts = aws_sqs_queue.starts.url, dead_starts = aws_sqs_queue.dead_starts.url, dead_events = aws_sqs_queue.dead_events.url }
}

output "event_bus_arn" {
  description = "Event bus to which other accounts and regions forward their ECS events."
  value       = "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/default"
}

output "role_arns" {
  description = "Role ARNs of the three functions, for key policies and permissions boundaries."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}
