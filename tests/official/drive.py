"""The vendor's own client of RetailCRM against the emulator: everything that an integration asks and writes.

Usage: drive.py URL KEY SITE. Each step says what it wants; the first one that is not met ends the run with 1.
"""

import sys
import time

import retailcrm

# The vendor takes ten requests a second with one key, and so does the emulator.
PACE = 0.11

url, key, site = sys.argv[1:]
crm = retailcrm.v5(url, key)
steps = 0


def want(what, response, *statuses):
    """The body of an answer that must have one of these statuses, and must say so itself."""
    global steps
    steps += 1
    time.sleep(PACE)
    status, body = response.get_status_code(), response.get_response()
    good = status in (statuses or (200,)) and body.get("success") is (status < 400)
    print(f"{'ok' if good else 'NOT OK'} {steps} {what}: {status}", flush=True)
    if not good:
        sys.exit(f"{what}: {status} {body}")
    return body


def equal(what, found, wanted):
    global steps
    steps += 1
    print(f"{'ok' if found == wanted else 'NOT OK'} {steps} {what}", flush=True)
    if found != wanted:
        sys.exit(f"{what}: {found!r} and not {wanted!r}")


# Who we are, and what the account has.
want("versions", crm.api_versions())
equal("the key sees all shops", want("credentials", crm.api_credentials())["siteAccess"], "access_full")
equal("a shop is found by its code", want("sites", crm.sites())["sites"][site]["code"], site)
for name in ["statuses", "status_groups", "order_methods", "order_types", "payment_statuses", "settings"]:
    want(name, getattr(crm, name)())
want("fields", crm.custom_fields({"entity": "customer"}, 100))
want("dictionaries", crm.custom_dictionaries({}, 100))
users = want("users", crm.users({"active": 1}, 100))["users"]
user = users[0]["id"]
want("one user", crm.user(user))
want("groups of users", crm.user_groups(100))
want("a wrong key is refused", retailcrm.v5(url, "wrong").users({}), 403)

# A client, by both of its numbers.
card = {"externalId": "c-1", "firstName": "Анна", "phones": [{"number": "+79000000010"}]}
client = want("a client", crm.customer_create(card, site), 201)["id"]
want("the same external id again is refused", crm.customer_create(card, site), 400)
equal("by external id", want("reads", crm.customer("c-1", site=site))["customer"]["id"], client)
equal("by number", want("reads", crm.customer(client, "id", site))["customer"]["externalId"], "c-1")
want("a client that there is not", crm.customer("c-2", site=site), 404)
want("edits", crm.customer_edit({"id": client, "lastName": "Лисина"}, "id", site))
found = want("finds by phone", crm.customers({"name": "79000000010"}))["customers"]
equal("who was found", [row["lastName"] for row in found], ["Лисина"])
note = {"text": "Перезвонить", "managerId": user, "customer": {"id": client}}
want("a note", crm.customer_note_create(note, site), 201)
want("notes", crm.customer_notes({"customerIds": [client]}))

# An order.
order = {"externalId": "o-1", "customer": {"id": client}, "firstName": "Анна", "phone": "+79000000010"}
number = want("an order", crm.order_create(order, site), 201)["id"]
equal("by external id", want("reads", crm.order("o-1", site=site))["order"]["id"], number)
want("edits", crm.order_edit({"id": number, "managerComment": "по звонку"}, "id", site))
equal("orders", len(want("finds", crm.orders({"customerId": client}))["orders"]), 1)
want("history of orders", crm.orders_history({"sinceId": 0}))

# A task.
task = {"text": "Перезвонить", "performerId": user, "datetime": "2026-03-02 15:00", "customer": {"id": client}}
made = want("a task", crm.task_create(task, site), 201)["id"]
equal("its text", want("reads", crm.task(made))["task"]["text"], "Перезвонить")
want("a task for nobody is refused", crm.task_create({"text": "Кому?"}, site), 400)
want("edits", crm.task_edit({"id": made, "text": "Уже перезвонили", "performerId": user}, site))
want("tasks", crm.tasks({"performers": [user]}))

# Telephony: a module, a pop-up, a call in the history, whom to route to.
module = {
    "code": "uis-test", "integrationCode": "uis", "active": True, "name": "UIS", "clientId": "0123456789abcdef",
    "logo": "https://switchboard.example/logo.svg", "baseUrl": "https://switchboard.example",
    "actions": {"activity": "/activity"},
    "integrations": {"telephony": {
        "makeCallUrl": "https://switchboard.example/call", "allowEdit": False, "inputEventSupported": True,
        "outputEventSupported": True, "hangupEventSupported": True,
        "additionalCodes": [{"userId": user, "code": "101"}],
        "externalPhones": [{"siteCode": site, "externalPhone": "74951234567"}]}},
}
want("a module", crm.integration_module_edit(module), 200, 201)
want("reads", crm.integration_module("uis-test"))
event = {"phone": "+79000000010", "type": "in", "userIds": [user], "site": site, "callExternalId": "call-1"}
want("a pop-up", crm.telephony_call_event(event))
want("its end", crm.telephony_call_event({**event, "type": "hangup", "hangupStatus": "no answered"}))
call = {
    "externalId": "call-1", "date": "2026-03-02 12:00:00", "type": "in", "phone": "+79000000010", "userId": user,
    "result": "answered", "duration": 42, "durationWaiting": 11, "site": site,
}
equal("a call", want("uploads", crm.telephony_calls_upload([call]))["processedCallsCount"], 1)
again = want("the same call again", crm.telephony_calls_upload([call]))
equal("is a duplicate", again["duplicateCalls"], ["call-1"])
whom = want("whom to route to", crm.telephony_manager("79000000010"))
equal("the client is known", whom["customer"]["id"], client)
want("a notice", crm.notifications_send({"type": "api.info", "message": "Готово", "userIds": [user]}), 200, 201)

print(f"{steps} passed, 0 failed")
