locals {
  alarm_actions = var.alarm_topic_arn[*]

  # Log lines by pino; each pattern is one that a test greps for in what the functions really write.
  log_metrics = {
    "deliveries-refused"    = { metric = "deliveries-refused", function = "receive", pattern = "{ $.outcome = \"unauthorized\" }" }
    "starts-refused"        = { metric = "starts-refused", function = "start", pattern = "{ $.status = \"failed-to-start\" }" }
    "starts-refused-settle" = { metric = "starts-refused", function = "settle", pattern = "{ $.status = \"failed-to-start\" }" }
  }

  alarms = merge(
    { for name in keys(local.functions) : "${name}-errors" => {
      about     = "${name} failed; its log says why"
      namespace = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = "${var.name}-${name}" }, threshold = 1, statistic = "Sum", minutes = 5
    } },
    { for name in keys(local.functions) : "${name}-throttles" => {
      about     = "${name} was throttled: the account's or the function's concurrency is used up"
      namespace = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = "${var.name}-${name}" }, threshold = 1, statistic = "Sum", minutes = 5
    } },
    {
      "dead-starts" = {
        about     = "A run broke off ten times in an hour; look at the queue ${var.name}-dead-starts"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = "${var.name}-dead-starts" }, threshold = 1, statistic = "Maximum", minutes = 5
      }
      "dead-events" = {
        about     = "An ECS event was given up; look at the queue ${var.name}-dead-events"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = "${var.name}-dead-events" }, threshold = 1, statistic = "Maximum", minutes = 5
      }
      "queue-age" = {
        about     = "A run has waited for its start for ten minutes"
        namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = "${var.name}-starts" }, threshold = 600, statistic = "Maximum", minutes = 5
      }
      "starts-refused" = {
        about     = "A task could not be started; the logs of ${var.name}-start and ${var.name}-settle say why"
        namespace = "Taskhook", metric = "${var.name}-starts-refused", dimensions = {}, threshold = 1, statistic = "Sum", minutes = 5
      }
      "deliveries-refused" = {
        about     = "Many deliveries without a good signature: a wrong secret, or somebody is trying"
        namespace = "Taskhook", metric = "${var.name}-deliveries-refused", dimensions = {}, threshold = 50, statistic = "Sum", minutes = 5
      }
    },
  )
}

resource "aws_cloudwatch_log_metric_filter" "log" {
  for_each       = local.log_metrics
  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.function[each.value.function].name
  pattern        = each.value.pattern

  metric_transformation {
    name      = "${var.name}-${each.value.metric}"
    namespace = "Taskhook"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.about
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.minutes * 60
  evaluation_periods  = 1
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_dashboard" "taskhook" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for at, widget in [
        { title = "Deliveries", metrics = [["AWS/Lambda", "UrlRequestCount", "FunctionName", "${var.name}-receive"], [".", "Url4xxCount", ".", "."], [".", "Url5xxCount", ".", "."]], stat = "Sum" },
        { title = "Time to the first answer (ms)", metrics = [["AWS/Lambda", "UrlRequestLatency", "FunctionName", "${var.name}-receive", { stat = "p50" }], ["...", { stat = "p99" }]], stat = "p50" },
        { title = "Starts that wait", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${var.name}-starts"], [".", "ApproximateAgeOfOldestMessage", ".", "."]], stat = "Maximum" },
        { title = "What needs a person", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${var.name}-dead-starts"], ["...", "${var.name}-dead-events"], ["Taskhook", "${var.name}-starts-refused", { stat = "Sum" }], [".", "${var.name}-deliveries-refused", { stat = "Sum" }]], stat = "Maximum" },
        ] : {
        type       = "metric", x = (at % 2) * 12, y = floor(at / 2) * 6, width = 12, height = 6
        properties = { title = widget.title, metrics = widget.metrics, stat = widget.stat, period = 300, region = local.region, view = "timeSeries" }
      }
    ]
  })
}
