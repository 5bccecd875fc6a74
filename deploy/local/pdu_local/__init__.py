"""The launcher behind ./pdu: everything a checkout needs to run, test and look at the platform."""
