"""Pure: what becomes of a customer's records when the customer is erased, and what of them is handed out."""
