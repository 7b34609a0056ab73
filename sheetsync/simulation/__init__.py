"""What a limit of 14, 30 or 40 days would do, reckoned from a team's own deals (METHOD point 9).

Pure arithmetic on the base and its Journal. `courses` are what is counted, `competing_risks` the
estimate, `stakes`, `drift` and `win_score` what it says; `simulation` puts them together.
"""
