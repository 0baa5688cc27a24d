variable "package" {
  description = "Folder that `taskhook build CONFIG --out DIR` wrote: taskhook.zip, taskhook.json, table.json, policies.json."
  type        = string
  validation {
    condition     = alltrue([for name in ["taskhook.zip", "taskhook.json", "table.json", "policies.json"] : fileexists("${var.package}/${name}")])
    error_message = "The folder must hold taskhook.zip, taskhook.json, table.json and policies.json; run `taskhook build CONFIG --out DIR`."
  }
}

variable "name" {
  description = "Prefix of everything that is made."
  type        = string
  default     = "taskhook"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.name))
    error_message = "Lower-case letters, digits and \"-\", 32 at most, a letter first."
  }
}

variable "tags" {
  description = "On everything that takes tags."
  type        = map(string)
  default     = {}
}

variable "create_secrets" {
  description = "Secrets Manager secrets that the config names and that are not there yet: made empty here, filled in by you."
  type        = set(string)
  default     = []
}

variable "env_secrets" {
  description = "Values for `env:` references of the config. They stand in the function's environment and in the state; prefer Secrets Manager."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "pass_role_arns" {
  description = "Task and execution roles that RunTask hands over. Default: those of the task definitions in the config, looked up."
  type        = list(string)
  default     = null
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "One of the days that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …"
  }
}

variable "log_level" {
  description = "Of pino: debug, info, warn, error."
  type        = string
  default     = "info"
  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "One of debug, info, warn, error."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to. Default: alarms are shown and sent nowhere."
  type        = string
  default     = null
}

variable "receive_concurrency" {
  description = "Reserved concurrency of the function behind the URL: 10 requests a second for each. -1: none is reserved. 0 shuts the door."
  type        = number
  default     = -1
  validation {
    condition     = var.receive_concurrency >= -1
    error_message = "-1 or more."
  }
}

variable "vpc" {
  description = "Put the functions into a VPC. They then need a way to DynamoDB, SQS, ECS, Secrets Manager, Slack and GitHub."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "kms_key_arn" {
  description = "Customer managed key for the table, the queues, the logs and the secrets made here. Default: AWS's own keys."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "Boundary of the three roles."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Of the table. Turn it off, and apply, before you destroy."
  type        = bool
  default     = true
}
