"""What is a repetition and what is not: pose gate, repetitions, holds, a person's own range."""
