# Creates what taskhook.yaml refers to, for an account that has none of it: a cluster, a Fargate task definition, a route to the internet.
# If you already have these, skip this folder and enter yours in taskhook.yaml.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

data "aws_region" "current" {}

locals {
  # The name that taskhook.yaml uses.
  name = "taskhook-example"
}

resource "aws_ecs_cluster" "example" {
  name = local.name
}

resource "aws_cloudwatch_log_group" "task" {
  name              = "/ecs/${local.name}"
  retention_in_days = 7
}

# ECS uses this role to fetch the image and write the log. The job itself calls no AWS API, so it has no role.
resource "aws_iam_role" "execution" {
  name = "${local.name}-execution"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

# Fetching a public image needs no permission, so the log is all it needs.
resource "aws_iam_role_policy" "execution" {
  name = "log"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.task.arn}:*"]
    }]
  })
}

resource "aws_ecs_task_definition" "analyze" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name      = "app"
    image     = "public.ecr.aws/docker/library/alpine:3.22"
    essential = true
    command   = ["sh", "-c", file("${path.module}/../job/analyze.sh")]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.task.name
        awslogs-region        = data.aws_region.current.id
        awslogs-stream-prefix = "analyze"
      }
    }
  }])
}

data "aws_vpc" "default" {
  default = true
}

# One in each zone, with a route to the internet. With `assignPublicIp: ENABLED` there is no NAT gateway to pay for.
data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

# No inbound traffic. Outbound HTTPS is enough for the image and the log.
resource "aws_security_group" "task" {
  name        = local.name
  description = "Tasks of the taskhook example"
  vpc_id      = data.aws_vpc.default.id

  egress {
    description = "HTTPS"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

output "taskhook_yaml" {
  description = "The config with this account's subnets and security group in it."
  value = replace(
    replace(
      file("${path.module}/../taskhook.yaml"),
      "/subnets: .*/", "subnets: [${join(", ", sort(data.aws_subnets.default.ids))}]",
    ),
    "/securityGroups: .*/", "securityGroups: [${aws_security_group.task.id}]",
  )
}
