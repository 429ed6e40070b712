"""social-roi: from the exports of social networks to attributed revenue."""
