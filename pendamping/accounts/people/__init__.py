"""The admin's pages about accounts: who signs in, as what, and what hangs on them."""
