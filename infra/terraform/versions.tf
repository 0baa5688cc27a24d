terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # `invoked_via_function_url` came in 6.29. Without that argument, every AWS account could invoke the function directly.
      # 6.29.0 itself panics on `dynamic "global_secondary_index"`: https://github.com/hashicorp/terraform-provider-aws/issues/46192
      version = ">= 6.30"
    }
  }
}
