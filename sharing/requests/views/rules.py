"""The rules of a request, changed by its owner."""

from sharing.addresses.views import rule_view
from sharing.requests.views.owner import request_of, request_page

change_rule = rule_view(find=request_of, page=request_page)
