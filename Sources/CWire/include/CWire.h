#pragma once

#include "dragoman.pb-c.h"
#include "arena.h"
