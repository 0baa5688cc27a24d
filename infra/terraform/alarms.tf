locals {
  alarm_actions = var.alarm_topic_arn[*]

  alarms = merge(
    { for name in keys(local.functions) : "${name}-errors" => {
      about     = "${name} failed; its log has the reason"
      namespace = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = "${var.name}-${name}" }, threshold = 1, statistic = "Sum", minutes = 5
    } },
    { for name in keys(local.functions) : "${name}-throttles" => {
      about     = "${name} was throttled: the account or the function has no concurrency left"
      namespace = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = "${var.name}-${name}" }, threshold = 1, statistic = "Sum", minutes = 5
    } },
    {
      "dead-starts" = {
        about     = "A message failed ten times in an hour; check the queue ${var.name}-dead-starts"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = "${var.name}-dead-starts" }, threshold = 1, statistic = "Maximum", minutes = 5
      }
      "dead-events" = {
        about     = "An ECS event or a sweep could not be processed; check the queue ${var.name}-dead-events"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = "${var.name}-dead-events" }, threshold = 1, statistic = "Maximum", minutes = 5
      }
      "queue-age" = {
        about     = "A message has been in the queue for ten minutes, so runs start late"
        namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = "${var.name}-starts" }, threshold = 600, statistic = "Maximum", minutes = 5
      }
      # taskhook's own metrics: src/core/telemetry/metrics.ts.
      "starts-refused" = {
        about     = "A task could not be started; see the logs of ${var.name}-start and ${var.name}-settle"
        namespace = "Taskhook", metric = "RunsEnded", dimensions = { deployment = var.name, status = "failed-to-start" }, threshold = 1, statistic = "Sum", minutes = 5
      }
      "starts-waiting" = {
        about     = "Starts are postponed repeatedly: no capacity, or a quota is used up"
        namespace = "Taskhook", metric = "Starts", dimensions = { deployment = var.name, class = "later" }, threshold = 10, statistic = "Sum", minutes = 15
      }
      "deliveries-refused" = {
        about     = "Many deliveries without a valid signature: a wrong secret, or forged requests"
        namespace = "Taskhook", metric = "Deliveries", dimensions = { deployment = var.name, outcome = "unauthorized" }, threshold = 50, statistic = "Sum", minutes = 5
      }
      "senders-untold" = {
        about     = "A sender could not be notified of the end of its run after ten tries"
        namespace = "Taskhook", metric = "Untold", dimensions = { deployment = var.name }, threshold = 1, statistic = "Sum", minutes = 5
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.about}. See docs/operations.md#${each.key}"
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

locals {
  # Each value of the second dimension is one line in a graph.
  counted = {
    for metric, by in {
      Deliveries = { outcome = ["accepted", "duplicate", "ignored", "refused", "unauthorized", "failed"] }
      Starts     = { class = ["started", "soon", "elsewhere", "later", "never"] }
      RunsEnded  = { status = ["succeeded", "failed", "cancelled", "timed-out", "failed-to-start"] }
    } : metric => flatten([for dimension, values in by : [for value in values : { dimension = dimension, value = value }]])
  }
  lines = {
    for metric, all in local.counted : metric => [for each in all : ["Taskhook", metric, "deployment", var.name, each.dimension, each.value]]
  }
}

resource "aws_cloudwatch_dashboard" "taskhook" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for at, widget in [
        { title = "Requests", metrics = [["AWS/Lambda", "UrlRequestCount", "FunctionName", "${var.name}-receive"], [".", "Url4xxCount", ".", "."], [".", "Url5xxCount", ".", "."]], stat = "Sum" },
        { title = "Response time (ms)", metrics = [["AWS/Lambda", "UrlRequestLatency", "FunctionName", "${var.name}-receive", { stat = "p50" }], ["...", { stat = "p99" }]], stat = "p50" },
        { title = "Deliveries", metrics = local.lines.Deliveries, stat = "Sum" },
        { title = "Starts", metrics = concat(local.lines.Starts, [["Taskhook", "Retries", "deployment", var.name]]), stat = "Sum" },
        { title = "Delivery to RUNNING (ms)", metrics = [["Taskhook", "TimeToRunning", "deployment", var.name, { stat = "p50" }], ["...", { stat = "p99" }]], stat = "p50" },
        { title = "Ended runs", metrics = local.lines.RunsEnded, stat = "Sum" },
        { title = "Queued messages", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${var.name}-starts"], [".", "ApproximateAgeOfOldestMessage", ".", "."]], stat = "Maximum" },
        { title = "Queue age (ms)", metrics = [["Taskhook", "QueueAge", "deployment", var.name, { stat = "p50" }], ["...", { stat = "p99" }]], stat = "p50" },
        { title = "Needs attention", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${var.name}-dead-starts"], ["...", "${var.name}-dead-events"], ["Taskhook", "Untold", "deployment", var.name, { stat = "Sum" }]], stat = "Maximum" },
        { title = "Verified with the previous secret", metrics = [["Taskhook", "VerifiedWithPrevious", "deployment", var.name]], stat = "Sum" },
        ] : {
        type       = "metric", x = (at % 2) * 12, y = floor(at / 2) * 6, width = 12, height = 6
        properties = { title = widget.title, metrics = widget.metrics, stat = widget.stat, period = 300, region = local.region, view = "timeSeries" }
      }
    ]
  })
}
