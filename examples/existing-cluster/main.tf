# taskhook for a cluster, a task definition and a network that already exist.
#
#   npx taskhook build taskhook.yaml --out build
#   terraform init && terraform apply

terraform {
  required_version = ">= 1.9"
}

provider "aws" {}

module "taskhook" {
  source  = "../../infra/terraform"
  package = "${path.module}/build"

  # Terraform creates these empty, and you fill them in by hand, so your secrets are never in the state.
  create_secrets = ["taskhook/slack", "taskhook/github-webhook", "taskhook/github-token"]
}

output "urls" {
  value = module.taskhook.urls
}

output "slack_manifests" {
  value = module.taskhook.slack_manifests
}

output "github_hooks" {
  value = module.taskhook.github_hooks
}
