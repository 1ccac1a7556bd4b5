"""Questions written by people who had not seen the scenarios' own wordings."""
