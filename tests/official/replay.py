"""Sends what was sent once more, with the vendor's own client.

Usage: replay.py URL KEY FILE. FILE holds a list of requests to RetailCRM: `method`, `path`, decoded `query` and `parts`.
A request for which the client has no method ends the run with 1.
"""

import json
import re
import sys

import retailcrm

url, key, file = sys.argv[1:]
crm = retailcrm.v5(url, key)


def listed(name):
    """Methods with filters and pages."""
    return lambda query, parts: getattr(crm, name)(query.get("filter", {}), query.get("limit", 20), query.get("page", 1))


def edited(name, part):
    def send(query, parts, number):
        # The client takes the number from the record itself.
        record = {**parts[part], parts.get("by", "externalId"): number}
        return getattr(crm, name)(record, parts.get("by", "externalId"), parts.get("site"))

    return send


def read(name):
    return lambda query, parts, number: getattr(crm, name)(number, query.get("by", "externalId"), query.get("site"))


METHODS = [
    (r"GET /api/credentials", lambda query, parts: crm.api_credentials()),
    (r"GET /api/api-versions", lambda query, parts: crm.api_versions()),
    (r"GET /api/v5/settings", lambda query, parts: crm.settings()),
    (r"GET /api/v5/users", listed("users")),
    (r"GET /api/v5/reference/sites", lambda query, parts: crm.sites()),
    (r"GET /api/v5/reference/statuses", lambda query, parts: crm.statuses()),
    (r"GET /api/v5/reference/status-groups", lambda query, parts: crm.status_groups()),
    (r"GET /api/v5/reference/order-methods", lambda query, parts: crm.order_methods()),
    (r"GET /api/v5/reference/order-types", lambda query, parts: crm.order_types()),
    (r"GET /api/v5/custom-fields", listed("custom_fields")),
    (r"GET /api/v5/custom-fields/dictionaries", listed("custom_dictionaries")),
    (r"GET /api/v5/customers", listed("customers")),
    (r"GET /api/v5/customers/([^/]+)", read("customer")),
    (r"POST /api/v5/customers/create", lambda query, parts: crm.customer_create(parts["customer"], parts.get("site"))),
    (r"POST /api/v5/customers/(\d+)/edit", edited("customer_edit", "customer")),
    (r"POST /api/v5/customers/notes/create", lambda query, parts: crm.customer_note_create(parts["note"], parts.get("site"))),
    (r"GET /api/v5/customers/notes", listed("customer_notes")),
    (r"GET /api/v5/files", listed("files")),
    (r"POST /api/v5/files/(\d+)/edit", lambda query, parts, number: crm.files_edit({**parts["file"], "id": int(number)})),
    (r"GET /api/v5/orders", listed("orders")),
    (r"GET /api/v5/orders/history", listed("orders_history")),
    (r"GET /api/v5/orders/([^/]+)", read("order")),
    (r"POST /api/v5/orders/create", lambda query, parts: crm.order_create(parts["order"], parts.get("site"))),
    (r"POST /api/v5/orders/(\d+)/edit", edited("order_edit", "order")),
    (r"GET /api/v5/tasks", listed("tasks")),
    (r"GET /api/v5/tasks/(\d+)", lambda query, parts, number: crm.task(number)),
    (r"POST /api/v5/tasks/create", lambda query, parts: crm.task_create(parts["task"], parts.get("site"))),
    (r"POST /api/v5/tasks/(\d+)/edit", lambda query, parts, number: crm.task_edit({**parts["task"], "id": int(number)}, parts.get("site"))),
    (r"POST /api/v5/telephony/call/event", lambda query, parts: crm.telephony_call_event(parts["event"])),
    (r"POST /api/v5/telephony/calls/upload", lambda query, parts: crm.telephony_calls_upload(parts["calls"])),
    (r"POST /api/v5/integration-modules/([^/]+)/edit", lambda query, parts, code: crm.integration_module_edit(parts["integrationModule"])),
    (r"POST /api/v5/notifications/send", lambda query, parts: crm.notifications_send(parts["notification"])),
]

with open(file, encoding="utf-8") as requests:
    for request in json.load(requests):
        line = f"{request['method']} {request['path']}"
        for pattern, send in METHODS:
            match = re.fullmatch(pattern, line)
            if match:
                query, parts = (request[name] if isinstance(request[name], dict) else {} for name in ["query", "parts"])
                send(query, parts, *match.groups())
                break
        else:
            sys.exit(f"the client has no method for {line}")
