"""The service: domain values, store, mail, schemas, services and jobs. Never Flask, never OR-Tools."""
