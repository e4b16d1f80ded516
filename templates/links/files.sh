{% autoescape off %}#!/bin/sh
# Fetches the files of {{ address }}
# into this folder, or into the one that is named:  sh files.sh [folder]
# What is there already and right is skipped. Each file is checked; those that failed are named at the end.
# Needs curl, and one of sha256sum, shasum and openssl.
set -u
unset CDPATH
if [ $# -gt 0 ]; then mkdir -p -- "$1" && cd -- "$1" || exit 1; fi
work=$(mktemp -d ./.waybill.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: >"$work/failed"
{% if has_password %}
# From the environment, or asked for: it is written nowhere.
if [ -z "${WAYBILL_PASSWORD-}" ]; then
  printf 'Password of the link: ' >/dev/tty
  stty -echo </dev/tty
  IFS= read -r WAYBILL_PASSWORD </dev/tty
  stty echo </dev/tty
  printf '\n' >/dev/tty
fi
{% endif %}
sha256() { # of standard input, in hexadecimal
  if command -v sha256sum >/dev/null; then sha256sum
  elif command -v shasum >/dev/null; then shasum -a 256
  else openssl dgst -sha256 -r
  fi | cut -c 1-64
}

composite() { # FILE SIZE PART_SIZE: the SHA-256 of the parts' SHA-256, as S3 has it for what came in parts
  number=0
  while [ $((number * $3)) -lt "$2" ]; do
    digest=$(dd if="$1" bs="$3" skip="$number" count=1 2>/dev/null | sha256)
    printf "$(printf '\\%03o' $(printf %s "$digest" | sed 's/../0x& /g'))"
    number=$((number + 1))
  done | sha256
}

is_right() { # FILE SIZE SHA256 PART_SIZE; without a SHA-256 the size has to do
  [ -f "$1" ] && [ "$(wc -c <"$1" | tr -d ' ')" = "$2" ] || return 1
  [ -n "$3" ] || return 0
  if [ "$4" -gt 0 ]; then [ "$(composite "$1" "$2" "$4")" = "$3" ]; else [ "$(sha256 <"$1")" = "$3" ]; fi
}

download() { # ID FILE; a POST, since looking spends nothing, and the same visitor throughout
  {% if has_password %}printf %s "$WAYBILL_PASSWORD" | curl -fsSL -b "$work/cookies" -c "$work/cookies" --data-urlencode password@- -o "$2" "{{ address }}files/$1/download/"{% else %}curl -fsSL -b "$work/cookies" -c "$work/cookies" -d '' -o "$2" "{{ address }}files/$1/download/"{% endif %}
}

fetch() { # ID FILE SIZE SHA256 PART_SIZE MODIFIED
  if is_right "$2" "$3" "$4" "$5"; then
    printf 'There already: %s\n' "$2"
    return
  fi
  printf 'Fetching: %s\n' "$2"
  if mkdir -p "${2%/*}" && download "$1" "$work/file" && is_right "$work/file" "$3" "$4" "$5" &&
    TZ=UTC0 touch -t "$6" "$work/file" && [ ! -d "$2" ] && mv -f "$work/file" "$2"
  then return; fi
  printf '%s\n' "$2" >>"$work/failed"
}

{% for line in lines %}{{ line }}
{% endfor %}
if [ -s "$work/failed" ]; then
  printf '\nThese failed; run the script again to fetch what is missing:\n' >&2
  cat "$work/failed" >&2
  exit 1
fi
printf 'All is there.\n'
{% endautoescape %}
