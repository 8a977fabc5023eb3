"""Pictures that others send: judged by what they are, and made anew from their pixels alone."""
