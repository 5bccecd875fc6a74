"""What goes wrong at the endpoints of OAuth 2, in the words that its clients look for."""

from collections.abc import Mapping

from pdu_shared.problems import Problem


class OAuthProblem(Problem):
    """An error of RFC 6749 §5.2: problem details that also have `error`."""

    status, slug, title = 400, "oauth", "The request for a token cannot be granted."

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error

    def also(self) -> Mapping[str, str]:
        """The members that OAuth clients read."""
        return {"error": self.error, "error_description": self.detail or self.title}


def invalid_client() -> OAuthProblem:
    """The client is not known, is disabled, or did not show its secret: all in the same words."""
    return OAuthProblem("invalid_client", "No such client, or its secret is wrong.")


def invalid_grant() -> OAuthProblem:
    """The code or refresh token is not good, whatever the reason."""
    return OAuthProblem("invalid_grant", "It is not good, or not good any more: sign in again.")
