"""What makes a browser carry the product: its service worker and the description by which it is installed."""
