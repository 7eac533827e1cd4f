"""The main story of a marketplace, told by Stripe's client for Python, as Debian ships it.

    EVENKEEL_URL=http://127.0.0.1:12111 EVENKEEL_API_KEY=sk_test_... EVENKEEL_CLOCK=clock_... python3 story.py

Says each step that held; whatever does not hold ends it with status 1.
"""

import http.server
import os
import sys
import threading
import time

import stripe

base = os.environ["EVENKEEL_URL"]
stripe.api_key = os.environ["EVENKEEL_API_KEY"]
stripe.api_base = stripe.connect_api_base = stripe.upload_api_base = base


def held(step):
    print(step, flush=True)


def same(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(kind, work):
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


class Receiver(http.server.BaseHTTPRequestHandler):
    heard = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.heard.append((body, self.headers["stripe-signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def until(holds):
    deadline = time.time() + 10
    while not holds():
        assert time.time() < deadline, "it does not come true"
        time.sleep(0.02)


def accounts():
    seller = stripe.Account.create(
        type="custom",
        country="US",
        capabilities={"card_payments": {"requested": True}, "transfers": {"requested": True}},
        settings={"payouts": {"schedule": {"interval": "manual"}}},
        tos_acceptance={"date": 1772445600, "ip": "127.0.0.1"},
    )
    bank = stripe.Account.create_external_account(seller.id, external_account="btok_us_verified")
    same(bank.object, "bank_account")
    same(stripe.Account.retrieve(seller.id).external_accounts.data[0].id, bank.id)
    held("an account with a bank account")
    return seller


def charges(seller):
    charge = stripe.Charge.create(
        amount=10000,
        currency="usd",
        source="tok_bypassPending",
        capture=True,
        application_fee_amount=1230,
        transfer_data={"destination": seller.id},
        metadata={"order": "7", "gone": "soon"},
    )
    same(stripe.Charge.retrieve(charge.id, expand=["balance_transaction"]).balance_transaction.net, 9680)
    same(stripe.Charge.modify(charge.id, description="Order 7").description, "Order 7")

    # save() sends what changed; a value of None takes a key away.
    charge.metadata["order"] = "8"
    charge.metadata["gone"] = None
    charge.save()
    same(stripe.Charge.retrieve(charge.id).metadata.to_dict(), {"order": "8"})

    held_back = stripe.Charge.create(amount=900, currency="usd", source="tok_visa", capture=False)
    same(held_back.captured, False)
    same(held_back.capture(amount=800).amount_captured, 800)

    stripe.Refund.create(charge=charge.id, amount=1000, reverse_transfer=True, refund_application_fee=True)
    same(charge.refresh().amount_refunded, 1000)
    same(len(stripe.Refund.list(charge=charge.id).data), 1)
    held("charges: retrieved, changed, captured, refunded")
    return charge


def transfers(seller):
    made = [stripe.Transfer.create(amount=100 + i, currency="usd", destination=seller.id).id for i in range(7)]
    group = [transfer.id for transfer in stripe.Transfer.list(destination=seller.id, limit=3).auto_paging_iter()]
    same(group[:7], list(reversed(made)))
    reversal = stripe.Transfer.create_reversal(made[0], amount=40)
    same(stripe.Transfer.retrieve(made[0]).amount_reversed, 40)
    same(stripe.Transfer.retrieve_reversal(made[0], reversal.id).amount, 40)
    held("transfers: paged through, reversed")


def connected(seller):
    balance = stripe.Balance.retrieve(stripe_account=seller.id)
    available = balance.available[0].amount
    payout = stripe.Payout.create(amount=500, currency="usd", stripe_account=seller.id)
    same(stripe.Balance.retrieve(stripe_account=seller.id).available[0].amount, available - 500)
    same(stripe.Payout.retrieve(payout.id, stripe_account=seller.id).status, "pending")
    refused(stripe.error.InvalidRequestError, lambda: stripe.Payout.retrieve(payout.id))
    held("acting as a connected account")
    return payout


def clock(payout, seller):
    now = stripe.test_helpers.TestClock.retrieve(os.environ["EVENKEEL_CLOCK"])
    now = now.advance(frozen_time=now.frozen_time + 7 * 86400)
    until(lambda: stripe.test_helpers.TestClock.retrieve(now.id).status == "ready")
    same(stripe.Payout.retrieve(payout.id, stripe_account=seller.id).status, "paid")
    held("the clock moved, and the payout arrived")


def events():
    newest = stripe.Event.list(limit=5).data
    before = stripe.Event.list(limit=2, ending_before=newest[4].id).data
    same([event.id for event in before], [event.id for event in newest[2:4]])
    held("events, read backwards")


def webhooks():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hook"
    endpoint = stripe.WebhookEndpoint.create(url=url, enabled_events=["customer.created"], connect=False)
    customer = stripe.Customer.create(name="Jenny Rosen")
    until(lambda: Receiver.heard)
    body, signature = Receiver.heard[0]
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    same((event.type, event.data.object.id), ("customer.created", customer.id))
    refused(
        stripe.error.SignatureVerificationError,
        lambda: stripe.Webhook.construct_event(body + b" ", signature, endpoint.secret),
    )
    endpoint.delete()
    server.shutdown()
    held("a webhook, and its signature")


def errors():
    declined = refused(
        stripe.error.CardError,
        lambda: stripe.Charge.create(amount=500, currency="usd", source="tok_chargeDeclined"),
    )
    same((declined.http_status, declined.code), (402, "card_declined"))
    same(refused(stripe.error.InvalidRequestError, lambda: stripe.Charge.retrieve("ch_none")).param, "id")
    refused(stripe.error.AuthenticationError, lambda: stripe.Balance.retrieve(api_key="sk_test_nobody_has_this"))
    refused(stripe.error.PermissionError, lambda: stripe.Balance.retrieve(stripe_account="acct_1GoneGoneGoneGone"))
    key = "for-one-thing"
    first = stripe.Customer.create(name="One", idempotency_key=key)
    same(stripe.Customer.create(name="One", idempotency_key=key).id, first.id)
    refused(stripe.error.IdempotencyError, lambda: stripe.Customer.create(name="Two", idempotency_key=key))
    held("errors have their classes, and keys are kept")


def files():
    with open(__file__, "rb") as text:
        content = text.read()
    receipt = b"%PDF-1.7\n" + content[:100]
    path = os.path.join(os.environ["EVENKEEL_SCRATCH"], "receipt.pdf")
    with open(path, "wb") as file:
        file.write(receipt)
    with open(path, "rb") as file:
        uploaded = stripe.File.create(purpose="dispute_evidence", file=file)
    same((uploaded.size, uploaded.type), (len(receipt), "pdf"))
    same(stripe.File.retrieve(uploaded.id).id, uploaded.id)
    held("a file, uploaded")


def main():
    seller = accounts()
    charges(seller)
    transfers(seller)
    payout = connected(seller)
    clock(payout, seller)
    events()
    webhooks()
    errors()
    files()
    held("done")


if __name__ == "__main__":
    sys.exit(main())
