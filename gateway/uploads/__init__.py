"""What is done with a file somebody uploads before it is kept: pictures are drawn anew, a scanner may be asked."""

from gateway.uploads.gate import Uploads
from gateway.uploads.scanner import Scanner

__all__ = ["Scanner", "Uploads"]
