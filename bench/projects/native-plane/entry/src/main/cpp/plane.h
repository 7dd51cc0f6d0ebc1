#pragma once

/** Sends every IPv4 packet back to where it came from, until the descriptor fails. */
void RunPlane(int tunFd);
