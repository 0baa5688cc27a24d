# taskhook for a web app, with a cluster, a task definition and a network that already exist.
#
#   npx taskhook build examples/web-app-button/taskhook.yaml --out examples/web-app-button/build
#   terraform -chdir=examples/web-app-button init && terraform -chdir=examples/web-app-button apply

terraform {
  required_version = ">= 1.9"
}

provider "aws" {}

module "taskhook" {
  source  = "../../infra/terraform"
  package = "${path.module}/build"

  # Terraform creates these empty, and you fill them in by hand, so your secrets are never in the state.
  create_secrets = ["taskhook/web-app"]
}

output "taskhook_url" {
  description = "TASKHOOK_URL of the web app's server."
  value       = module.taskhook.urls["web-app"]
}
