"""What keeps an operator's sleep sound: copies, their return, and what is wrong here, told with its remedy."""
