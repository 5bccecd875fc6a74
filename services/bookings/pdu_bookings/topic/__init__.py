"""Topics that people suggest, and speakers and facilitators who offer themselves."""
