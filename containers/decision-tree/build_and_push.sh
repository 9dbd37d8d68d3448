#!/usr/bin/env bash
# Builds the image of this container and pushes it to Amazon ECR, from where SageMaker takes it.
set -euo pipefail

usage="usage: ./build_and_push.sh [--dry-run] [-- FLAG OF docker build …]

Builds the image for linux/amd64 and pushes it to Amazon ECR as sagemaker-decision-tree, with the version of
package.json and latest as tags. The repository is created if it is missing. Prints the image URI.

  --dry-run  prints every step, and only reads from AWS

Account and region are those of the AWS CLI: its credentials, and AWS_REGION, AWS_DEFAULT_REGION or the profile.
NODE_IMAGE names another base image. In SageMaker Studio: ./build_and_push.sh -- --network sagemaker"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

dry_run=""
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry_run=yes ;;
    -h | --help) printf '%s\n' "$usage" && exit ;;
    --) shift && break ;;
    *) printf '%s\n' "unknown: $1" "$usage" >&2 && exit 2 ;;
  esac
  shift
done

# Says a step, and does it unless this is a dry run; stdout is kept for the image URI.
step() {
  printf '+ %s\n' "$*" >&2
  [ -n "$dry_run" ] || "$@" >&2
}

here="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
version="$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$here/package.json")"
repository=sagemaker-decision-tree

command -v aws >/dev/null || fail "The AWS CLI is missing: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
if [ -z "$dry_run" ]; then
  command -v docker >/dev/null || fail "Docker is missing: https://docs.docker.com/get-started/get-docker/"
  docker version >/dev/null 2>&1 || fail "No Docker engine answers: start Docker Desktop, or the service (sudo systemctl start docker)."
fi
region="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}"
[ -n "$region" ] || fail "No region: set AWS_REGION, for example AWS_REGION=us-east-1, or run aws configure."
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
account="$(aws sts get-caller-identity --query Account --output text)" \
  || fail "No account: AWS takes no credentials from here (see above); run aws configure, or aws sso login."

domain=amazonaws.com
case "$region" in cn-*) domain=amazonaws.com.cn ;; esac
registry="$account.dkr.ecr.$region.$domain"
image="$registry/$repository"

if ! answer="$(aws ecr describe-repositories --repository-names "$repository" 2>&1)"; then
  case "$answer" in
    *RepositoryNotFoundException*) step aws ecr create-repository --repository-name "$repository" ;;
    *) fail "The repository $repository cannot be looked up: $answer" ;;
  esac
fi

# SageMaker refuses an image with attestations, which BuildKit adds of itself.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1
[ -z "${NODE_IMAGE:-}" ] || set -- --build-arg "NODE_IMAGE=$NODE_IMAGE" "$@"
step docker build --platform linux/amd64 --file "$here/Dockerfile" \
  --tag "$image:$version" --tag "$image:latest" "$@" "$here/../.."

printf '+ aws ecr get-login-password | docker login --username AWS --password-stdin %s\n' "$registry" >&2
[ -n "$dry_run" ] || aws ecr get-login-password | docker login --username AWS --password-stdin "$registry" >&2
step docker push "$image:$version"
step docker push "$image:latest"

echo "$image:$version"
