"""Monthly figures that a cooperative proposes and its facilitator confirms, so that nobody types them twice."""
