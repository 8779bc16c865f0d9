#include "CSegmentation.h"
