# The whole job. base/main.tf makes it the command of a plain Alpine image, and `taskhook dev` runs it on your machine.
set -eu
echo "analyzing $DATASET, $DEPTH rounds"
round=1
while [ "$round" -le "$DEPTH" ]; do
  sleep 1
  echo "round $round of $DEPTH is done"
  round=$((round + 1))
done
echo "$DATASET is analyzed"
