"""What a framework calls while it trains: one module a framework, imported when first used."""
