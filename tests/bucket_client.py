"""A client for presigned requests: sends to the bucket what a browser would send."""

import base64
import hashlib

import urllib3

from sharing.storage.presigning import PresignedPart, PresignedPost

http = urllib3.PoolManager(retries=False, timeout=20)


def sha256(body: bytes) -> str:
    """The digest in base64, as S3 writes it."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def send_form(form: PresignedPost, body: bytes) -> urllib3.BaseHTTPResponse:
    return http.request("POST", form.url, fields={**form.fields, "file": ("any.bin", body)}, redirect=False)


def put_part(part: PresignedPart, body: bytes) -> urllib3.BaseHTTPResponse:
    return http.request("PUT", part.url, body=body, headers=part.headers)


def fetch(url: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return http.request("GET", url, headers=headers)
