terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first version with `invoked_via_function_url`. Without that argument, everybody could call `lambda:InvokeFunction`.
      version = ">= 6.29"
    }
  }
}
