terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first that can say `invoked_via_function_url`; without it `lambda:InvokeFunction` would be open to everybody.
      version = ">= 6.29"
    }
  }
}
