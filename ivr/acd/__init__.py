"""The distributor: brings a queued call to the right technician, and keeps its place until then."""
