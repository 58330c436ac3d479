#!/bin/sh
# What ssh asks instead of the person: notes the prompt, and answers it.
echo "$1" >> "$PROMPTS"
case $1 in
    *assword*) echo "$PASSWORD" ;;
    *) echo "$CODE" ;;
esac
