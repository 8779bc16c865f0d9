#pragma once

#include "arena.h"
#include "dragoman.pb-c.h"
#include "store.pb-c.h"
#include "text.h"
