"""Where an order is, in words that a flow can read out."""

import re

WAREHOUSE = "https://warehouse.example.com/api/v1/orders"

SPOKEN = {
    "packed": "Your order is packed, and leaves us today.",
    "sent": "Your order is on its way to you.",
    "delivered": "Your order was delivered.",
}


def main(input_data):
    number = re.sub(r"\D", "", input_data.get("order_number") or "")
    if number == "":
        return told("Please type the number of your order.", error="no number")
    if not has_check_digit(number):
        return told(f"I did not understand {' '.join(number)}. Please type the number again.", error="check digit")
    return ask(number)


def ask(number):
    # Here and not above, so that the tests run where requests is not installed.
    import requests

    try:
        answer = requests.get(f"{WAREHOUSE}/{number}", timeout=8)
    except requests.exceptions.RequestException:
        return told("I cannot reach our warehouse at the moment.", error="no answer")
    if answer.status_code == 404:
        return told("There is no order with this number.")
    if not answer.ok:
        return told("I cannot reach our warehouse at the moment.", error=f"status {answer.status_code}")
    state = answer.json().get("state", "")
    return told(SPOKEN.get(state, "A colleague will tell you more."), found=True, state=state)


def told(spoken, found=False, state="", error=""):
    return {"found": found, "state": state, "spoken": spoken, "error": error}


def has_check_digit(number):
    """Whether the last digit is the one that the others give (Luhn)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0
