"""A simulated person: a scripted body that moves virtual motion sensors on both thighs and the pelvis.

Everything here is computed, nothing was measured on a person. The thigh is rigid: soft tissue does
not slide over bone, so agreement with this model tests the algorithms, not the body.

    angles      hip angles, postures, rotations
    timeline    minimum-jerk moves of many joints, evaluated at any times
    script      what the body does: pose at any time, phases, true repetitions
    builder     writes a script in a few readable lines
    growing     a time line that grows while it is seen
    exercise_moves  start pose and movement of each exercise
    following   a body that does what a guide asks
    kinematics  what an ideal sensor at a mounting feels
    mems        noise, bias, range and quantisation of a real sensor chip
    feed        the counts of one sensor, by sample index
    sessions    ready sessions for the demonstration and the simulated history
"""
