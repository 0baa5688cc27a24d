variable "package" {
  description = "Output directory of `taskhook build CONFIG --out DIR`: taskhook.zip, taskhook.json, table.json, policies.json."
  type        = string
  validation {
    condition     = alltrue([for name in ["taskhook.zip", "taskhook.json", "table.json", "policies.json"] : fileexists("${var.package}/${name}")])
    error_message = "The directory must contain taskhook.zip, taskhook.json, table.json and policies.json. Run `taskhook build CONFIG --out DIR`."
  }
}

variable "name" {
  description = "Name prefix of all resources."
  type        = string
  default     = "taskhook"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.name))
    error_message = "The name must start with a lower-case letter and contain only lower-case letters, digits and \"-\", at most 32 characters."
  }
}

variable "tags" {
  description = "Tags for all resources that support tags."
  type        = map(string)
  default     = {}
}

variable "create_secrets" {
  description = "Names of Secrets Manager secrets that the config refers to and that do not exist yet. They are created empty; you fill them in."
  type        = set(string)
  default     = []
}

variable "env_secrets" {
  description = "Values for the `env:` references in the config. They are stored in the functions' environment and in the state; prefer Secrets Manager."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "pass_role_arns" {
  description = "Task and execution roles that RunTask passes to tasks. Default: the roles of the task definitions in the config, which are looked up."
  type        = list(string)
  default     = null
}

variable "log_retention_days" {
  description = "Number of days to keep logs."
  type        = number
  default     = 30
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Must be a retention period that CloudWatch Logs supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …"
  }
}

variable "log_level" {
  description = "Log level: debug, info, warn or error."
  type        = string
  default     = "info"
  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "Must be one of debug, info, warn, error."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms notify. Default: alarms only show in CloudWatch."
  type        = string
  default     = null
}

variable "receive_concurrency" {
  description = "Reserved concurrency of `receive`, the function behind the URL. Each unit allows 10 requests a second. -1: nothing is reserved. 0: every request is rejected."
  type        = number
  default     = -1
  validation {
    condition     = var.receive_concurrency >= -1
    error_message = "Must be -1 or greater."
  }
}

variable "vpc" {
  description = "VPC to place the functions in. They then need a route to DynamoDB, SQS, ECS, Secrets Manager, Slack and GitHub."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "kms_key_arn" {
  description = "Customer managed KMS key for the table, the queues, the logs and the secrets created here. Default: AWS's own keys."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the three roles."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Deletion protection of the table. Before you destroy, turn it off and apply."
  type        = bool
  default     = true
}
