{% autoescape off %}#!/bin/sh
# Downloads the files of {{ address }}
# into a new folder named for the link, or into the one that you name:  sh files.sh [--dots] [folder]
# Run it again to resume: what is there and right is skipped. It never replaces a file: one that is there and differs
# is left as it is and named at the end, as are those that failed.
# Names that begin with a dot get a _ in front, since such files configure programs; --dots leaves them as they are.
# Needs curl, and one of sha256sum, shasum and openssl.
set -u
dots=
if [ "${1-}" = --dots ]; then dots=yes; shift; fi
case $#:${1-} in
  0: | 1:[!-]*) ;;
  *) printf '%s\n' {{ say.usage }} >&2; exit 2 ;;
esac

is_there() { # FILE, also where it is a link that leads nowhere
  [ -e "$1" ] || [ -L "$1" ]
}

is_resumed() { # FOLDER that this script has made for the same link
  [ ! -L "$1" ] && [ -f "$1/{{ mark }}" ] && [ "$(cat "$1/{{ mark }}")" = {{ id }} ]
}

make_folder() { # sets folder: a new one, or the one that an earlier run has made
  folder={{ folder }}
  number=1
  until mkdir "$folder" 2>/dev/null; do
    if is_resumed "$folder"; then return; fi
    # Nothing is in the way: it cannot be made, and says why.
    if ! is_there "$folder"; then mkdir "$folder"; return 1; fi
    number=$((number + 1))
    folder={{ folder }}" ($number)"
  done
  printf '%s\n' {{ id }} >"$folder/{{ mark }}"
}

if [ $# -gt 0 ]; then
  case $1 in /*) folder=$1 ;; *) folder=./$1 ;; esac
  mkdir -p "$folder" || exit 1
else
  make_folder || exit 1
fi
cd "$folder" || exit 1
work=$(mktemp -d ./.waybill.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: >"$work/failed"
: >"$work/kept"
: >"$work/blocked"
{% if has_password %}
# From the environment, or asked for: it is written nowhere.
if [ -z "${WAYBILL_PASSWORD-}" ]; then
  printf '%s ' {{ say.password }} >/dev/tty
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
  part=0
  while [ $((part * $3)) -lt "$2" ]; do
    digest=$(dd if="$1" bs="$3" skip="$part" count=1 2>/dev/null | sha256)
    printf "$(printf '\\%03o' $(printf %s "$digest" | sed 's/../0x& /g'))"
    part=$((part + 1))
  done | sha256
}

is_right() { # FILE SIZE SHA256 PART_SIZE; without a SHA-256 the size has to do
  [ -f "$1" ] && [ ! -L "$1" ] && [ "$(wc -c <"$1" | tr -d ' ')" = "$2" ] || return 1
  [ -n "$3" ] || return 0
  if [ "$4" -gt 0 ]; then [ "$(composite "$1" "$2" "$4")" = "$3" ]; else [ "$(sha256 <"$1")" = "$3" ]; fi
}

make_folders() { # FILE; each folder of its path, none of them a link that may lead elsewhere
  at=.
  rest=${1#./}
  while [ "$rest" != "${rest#*/}" ]; do
    at=$at/${rest%%/*}
    rest=${rest#*/}
    if [ -L "$at" ]; then return 1; fi
    if [ ! -d "$at" ]; then mkdir "$at" || return 1; fi
  done
}

download() { # ID FILE; a POST, since looking spends nothing, and the same visitor throughout
{% if has_password %}  printf %s "$WAYBILL_PASSWORD" |
    curl -fsSL -b "$work/cookies" -c "$work/cookies" --data-urlencode password@- -o "$2" "{{ address }}files/$1/download/"
{% else %}  curl -fsSL -b "$work/cookies" -c "$work/cookies" -d '' -o "$2" "{{ address }}files/$1/download/"
{% endif %}
}

put() { # FILE; where nothing is, even if something came meanwhile
  make_folders "$1" && ! is_there "$1" && mv "$work/file" "$1"
}

fetch() { # ID FILE SIZE SHA256 PART_SIZE MODIFIED [FILE_WITH_DOTS]
  file=$2
  if [ -n "$dots" ]; then file=${7-$2}; fi
  if ! make_folders "$file"; then
    printf '%s\n' "$file" >>"$work/blocked"
  elif is_right "$file" "$3" "$4" "$5"; then
    printf '%s %s\n' {{ say.there }} "$file"
  elif is_there "$file"; then
    printf '%s\n' "$file" >>"$work/kept"
  else
    printf '%s %s\n' {{ say.downloading }} "$file"
    if download "$1" "$work/file" && is_right "$work/file" "$3" "$4" "$5"; then
      # Not every disk can keep every date.
      TZ=UTC0 touch -t "$6" "$work/file" 2>/dev/null
      if put "$file"; then return; fi
    fi
    printf '%s\n' "$file" >>"$work/failed"
  fi
}

tell() { # LIST SENTENCE
  if [ -s "$1" ]; then
    printf '\n%s\n' "$2" >&2
    cat "$1" >&2
    ended=1
  fi
}

{% for line in lines %}{{ line }}
{% endfor %}
ended=0
tell "$work/kept" {{ say.kept }}
tell "$work/blocked" {{ say.blocked }}
tell "$work/failed" {{ say.failed }}
if [ "$ended" -eq 0 ]; then printf '%s %s\n' {{ say.saved }} "$folder"; fi
exit "$ended"
{% endautoescape %}
