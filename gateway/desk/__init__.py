"""What people do: sign in, claim, reply, note, transfer, resolve; each verb returns a Plan, like a step."""
