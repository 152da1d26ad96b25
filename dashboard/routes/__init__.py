"""The addresses, one file for each part of the site. Every route names its guard."""
