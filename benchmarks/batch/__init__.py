"""Many articles against one endpoint: a fake endpoint, articles, peers, and scenarios that compare them."""
