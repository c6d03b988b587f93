"""From what a sensor feels to directions in the body: orientation, alignment, hip rotation, posture."""
